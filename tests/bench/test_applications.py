"""The document of the benchmark is one that the site takes, of the size that it says."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careers.documents.checking import inspect

from .applications import LARGE, SIZE, SMALL, document


@pytest.mark.parametrize("size", [SMALL, SIZE, LARGE])
def test_it_is_taken_without_remark(size):
    file = document(size)
    assert abs(len(file) - size) < 100
    examined = inspect(SimpleUploadedFile("cv.pdf", file), "cv.pdf")
    assert (examined.type, examined.findings) == ("pdf", [])
