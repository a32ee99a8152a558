"""The storage of collected static files: hashed names, compressed copies."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Also replaces file names in the `import` statements of JavaScript modules by hashed ones.

    Without that, a browser would keep an imported module for ever under a name that never changes.
    """

    support_js_module_import_aggregation = True
