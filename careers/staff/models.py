"""Accounts of people who work on the site: recruiters, editors, hiring managers; what is counted of them."""

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from careers import japanese


class UserManager(BaseUserManager):
    """Accounts are named by their e-mail address."""

    use_in_migrations = True

    def get_by_natural_key(self, username):
        """Find by e-mail; nobody remembers with which capitals it was once typed."""
        return self.get(email__iexact=username)

    def create_user(self, email, password=None, **fields):
        """Make an account and return it."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """Make the account that manages accounts and settings."""
        return self.create_user(email, password, **{**fields, "is_superuser": True})


class User(AbstractUser):
    """Somebody who may sign in to the admin. Candidates have no accounts."""

    class Language(models.TextChoices):
        ENGLISH = "en", "English"
        JAPANESE = "ja", "日本語"

    class Layout(models.TextChoices):
        BOTH = "both", _("English and Japanese")
        ENGLISH = "en", _("English only")
        JAPANESE = "ja", _("Japanese only")

    username = None
    email = models.EmailField(
        _("e-mail address"), unique=True, help_text=_("The person signs in with this address.")
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
            # Nobody remembers with which capitals an address was once typed: see the manager above.
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_for_an_address",
                violation_error_message=_("There is already an account with this address."),
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    @property
    def awaits_first_sign_in(self):
        """Whether this active account has never been used: its owner may be invited again."""
        return self.is_active and self.last_login is None

    def get_full_name(self):
        """佐藤 花, Hana Sato: in the order in which the name is written."""
        return japanese.display_name(self.last_name, self.first_name)

    def get_short_name(self):
        """佐藤, Hana: as a colleague would say it."""
        if japanese.is_japanese(self.last_name):
            return self.last_name
        return super().get_short_name()


class CacheEntry(models.Model):
    """The table of Django's cache (CACHES), which counts failed sign-ins for all processes.

    As a model it is there wherever somebody has migrated; `createcachetable` is one more step to
    forget. Django's DatabaseCache alone reads and writes it.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self):
        return self.cache_key
