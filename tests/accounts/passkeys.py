"""A passkey made of software, that signs as a device would."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

if TYPE_CHECKING:
    from django.test import Client

    from accounts.models import User

HOST = "testserver"
_HOST_HASH = hashlib.sha256(HOST.encode()).digest()
_FLAGS = AuthenticatorData.FLAG.USER_PRESENT | AuthenticatorData.FLAG.USER_VERIFIED


class SoftKey:
    """One credential, for one member."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.id = secrets.token_bytes(16)
        self.private_key = ec.generate_private_key(ec.SECP256R1())
        self.count = 0

    def creation(self, challenge: str) -> dict[str, object]:
        """The answer to "make a credential"."""
        public_key = ES256.from_cryptography_key(self.private_key.public_key())
        data = AttestedCredentialData.create(b"\0" * 16, self.id, public_key)
        flags = _FLAGS | AuthenticatorData.FLAG.ATTESTED
        auth_data = AuthenticatorData.create(_HOST_HASH, flags, 0, data)
        response = {
            "clientDataJSON": websafe_encode(_client_data("webauthn.create", challenge)),
            "attestationObject": websafe_encode(AttestationObject.create("none", auth_data, {})),
        }
        return self._credential(response) | {"clientExtensionResults": {"credProps": {"rk": True}}}

    def assertion(self, challenge: str) -> dict[str, object]:
        """The answer to "prove that you are here"."""
        self.count += 1
        auth_data = AuthenticatorData.create(_HOST_HASH, _FLAGS, self.count)
        client_data = _client_data("webauthn.get", challenge)
        signed = auth_data + hashlib.sha256(client_data).digest()
        signature = self.private_key.sign(signed, ec.ECDSA(hashes.SHA256()))
        handle = user_pk_to_url_str(self.user).encode()
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(auth_data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(handle),
        }
        return self._credential(response)

    def sign_in(self, client: Client, *, next_url: str = ""):
        """Sign in as the page's script does it."""
        url = reverse("mfa_login_webauthn")
        options = client.get(url, headers={"Accept": "application/json"}).json()
        challenge = options["request_options"]["publicKey"]["challenge"]
        data = {"credential": json.dumps(self.assertion(challenge))}
        return client.post(url, data | ({"next": next_url} if next_url else {}))

    def _credential(self, response: dict[str, str]) -> dict[str, object]:
        key_id = websafe_encode(self.id)
        return {"id": key_id, "rawId": key_id, "type": "public-key", "response": response}


def add_passkey(user: User) -> SoftKey:
    """Give the member a passkey, past the pages that add one."""
    key = SoftKey(user)
    Authenticator.objects.create(
        user=user,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Passkey", "credential": key.creation("AAAA")},
    )
    return key


def _client_data(kind: str, challenge: str) -> bytes:
    return CollectedClientData.create(type=kind, challenge=challenge, origin=f"https://{HOST}")
