import pytest
from cryptography.fernet import InvalidToken

from accounts.sign_in.sealing import seal, unseal


def test_a_secret_outlives_the_key_it_was_sealed_with(settings):
    settings.SECRET_KEY = "the first key"
    sealed = seal("secret")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the second key", ["the first key"]

    assert unseal(sealed) == "secret"


def test_a_secret_is_closed_to_another_key(settings):
    settings.SECRET_KEY = "the first key"
    sealed = seal("secret")
    settings.SECRET_KEY = "another key"

    with pytest.raises(InvalidToken):
        unseal(sealed)
