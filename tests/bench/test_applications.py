"""The documents of the benchmark are accepted and have the stated size."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careers.documents.checking import inspect

from .applications import LARGE, SIZE, SMALL, document

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("size", [SMALL, SIZE, LARGE])
def test_benchmark_document_has_no_findings(size):
    file = document(size)
    assert abs(len(file) - size) < 100
    inspection = inspect(SimpleUploadedFile("cv.pdf", file), "cv.pdf")
    assert (inspection.type, inspection.findings) == ("pdf", [])
