"""User accounts of recruiters, editors and hiring managers, and the table of Django's cache."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from careers import japanese
from careers.email_address import InvalidAddress, ascii_form, validate_address
from careers.invisible import is_blank


class UserManager(BaseUserManager):
    """The manager of accounts, which have an email address in place of a username."""

    use_in_migrations = True

    @classmethod
    def normalize_email(cls, email):
        """The ASCII form of an address, which accounts store. An invalid address is returned unchanged."""
        try:
            return ascii_form(email.strip())
        except InvalidAddress:
            return email

    def get_by_natural_key(self, username):
        """The account with this email address, ignoring case, because users vary their capitals."""
        return self.get(email__iexact=self.normalize_email(username))

    def create_user(self, email, password=None, **fields):
        """Create an account and return it."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Create an account that manages accounts and settings."""
        return self.create_user(email, password, **{**fields, "is_superuser": True})


class User(AbstractUser):
    """A person who can sign in to the admin. Candidates have no accounts."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        JAPANESE = "ja", "日本語"

    class Layout(models.TextChoices):
        BOTH = "both", _("English and Japanese")
        ENGLISH = "en", _("English only")
        JAPANESE = "ja", _("Japanese only")

    username = None
    email = models.EmailField(
        _("e-mail address"),
        unique=True,
        validators=[validate_address],
        help_text=_("The person signs in with this address."),
    )
    is_staff = models.BooleanField(_("may sign in"), default=True)
    language = models.CharField(
        _("language of the admin"), max_length=2, choices=Language, default=Language.ENGLISH
    )
    layout = models.CharField(
        _("languages shown in forms"), max_length=4, choices=Layout, default=Layout.BOTH
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="staff_user_unique_email",
                violation_error_message=_("There is already an account with this address."),
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    def clean(self):
        """Clean both names. A name without visible characters becomes empty; the address is shown instead."""
        super().clean()
        for name in ("last_name", "first_name"):
            text = getattr(self, name)
            setattr(self, name, "" if is_blank(text) else japanese.clean_name(text))

    @property
    def can_be_invited(self):
        """Whether the account is active and has never been used, so that its invitation can be resent."""
        return self.is_active and self.last_login is None

    @property
    def can_reset_password(self):
        """Whether the account is active and in use, and has a password that can be replaced."""
        return self.is_active and self.last_login is not None and self.has_usable_password()

    def get_full_name(self):
        """佐藤 花, Hana Sato: in the order of the name's script."""
        return japanese.display_name(self.last_name, self.first_name)

    def get_short_name(self):
        """佐藤, 김철수, Hana: as a colleague would address them."""
        if japanese.has_hangul(self.last_name):
            return self.get_full_name()
        if japanese.is_japanese(self.last_name):
            return self.last_name
        return super().get_short_name()


class CacheEntry(models.Model):
    """The table of Django's cache (CACHES), which counts failed sign-ins for all processes.

    A model, so that `migrate` creates it without `createcachetable`. Only Django's DatabaseCache
    reads and writes it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.cache_key
