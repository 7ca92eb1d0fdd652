"""A passkey as a device would have made it, for tests that need one without a browser."""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from backdesk.parties.models import Person

CREDENTIAL_ID = b"a passkey of the lead"


def add_passkey(person: Person, *, name: str = "Laptop") -> Authenticator:
    data = {"name": name, "credential": _registration()}
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=data)


def _registration() -> dict[str, Any]:
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
    credential = AttestedCredentialData.create(Aaguid.NONE, CREDENTIAL_ID, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    made = AuthenticatorData.create(hashlib.sha256(b"localhost").digest(), flags, 1, credential)
    client = CollectedClientData.create(
        CollectedClientData.TYPE.CREATE, challenge=b"challenge", origin="https://localhost"
    )
    return {
        "id": websafe_encode(CREDENTIAL_ID),
        "rawId": websafe_encode(CREDENTIAL_ID),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", made, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
