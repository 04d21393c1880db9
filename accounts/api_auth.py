"""How a program shows who it is. A token brings its owner's reach; no act that needs a step-up is open to it."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from accounts.refusals import Refused
from accounts.scope import take_on
from accounts.services.tokens import user_of_token

REFUSED = "令牌无效、已撤销或已过期。请找账号本人重新办理。"


class TwoWays(Refused):
    code = "two_credentials"
    message = "请只用一种方式登录：令牌，或者浏览器的登录。"


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer smd_...`. The middleware opened the request without a reach: it is set here."""

    keyword = b"bearer"

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != self.keyword:
            return None
        if request._request.user.is_authenticated:  # whose reach would it be?
            raise TwoWays
        try:
            found = user_of_token(words[1].decode("ascii")) if len(words) == 2 else None
        except UnicodeDecodeError:
            found = None
        if found is None:
            raise AuthenticationFailed(REFUSED, code="token_refused")
        user, token = found
        request._request.user = request._request._cached_user = user  # the access row names who it was
        request._request.auth = token
        take_on(user)
        return user, token

    def authenticate_header(self, request: Any) -> str:
        return 'Bearer realm="api"'


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
