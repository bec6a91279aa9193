"""The type of a request behind the sign-in, for views that ask who it is."""

from django.http import HttpRequest

from accounts.models import User


class UserRequest(HttpRequest):
    """A request of somebody signed in: LoginRequiredMiddleware lets no other through to a page."""

    user: User
