"""Where collected static files live."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies, so that browsers may keep files for ever."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        """The hashed name; the plain one for a file never collected: a picture may lack, a page not."""
        try:
            return super().stored_name(name)
        except ValueError:
            return name
