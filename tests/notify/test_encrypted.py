"""Mails to a server that encrypts: STARTTLS and TLS from the first byte, its certificate, and signing in."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from afterword.incidents.models import DeliveryState, StakeholderDelivery
from afterword.notify.sending import deliver_due
from tests.notify.mail_server import MailServer, running_mail_server

Serve = Callable[..., AbstractContextManager[MailServer]]
USER, SECRET = "afterword", "its password"
pytestmark = pytest.mark.once


class Authority:
    """Signs the certificates of this module. A test trusts it, or does not."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority for tests")])
        self.file = folder / "authority.pem"
        own = self._sign(self._name, self._key.public_key(), x509.BasicConstraints(True, None))
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def context_for(self, host: str) -> ssl.SSLContext:
        """What a server shows who says that it is this host."""
        key = ec.generate_private_key(ec.SECP256R1())
        alternative = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        signed = self._sign(name, key.public_key(), x509.SubjectAlternativeName([alternative]))
        file = self._folder / f"{host}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(file)
        return context

    def _sign(self, name: x509.Name, key: Any, extension: x509.ExtensionType) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(self._name, name, key, x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        builder = builder.add_extension(extension, critical=False)
        if isinstance(extension, x509.BasicConstraints):
            identifier: x509.ExtensionType = x509.SubjectKeyIdentifier.from_public_key(key)
        else:
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        return builder.add_extension(identifier, critical=False).sign(self._key, hashes.SHA256())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine whose administrator has added the authority to those that are trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))


@pytest.fixture(params=["starttls", "tls"])
def serve(request: pytest.FixtureRequest, settings: Any, authority: Authority) -> Serve:
    """Run a server that shows a certificate for a host, and takes mails of nobody who has not signed in."""

    def run(host: str = "127.0.0.1", password: str = SECRET) -> AbstractContextManager[MailServer]:
        settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, password
        context = authority.context_for(host)
        return running_mail_server(settings, security=request.param, context=context, login=(USER, SECRET))

    return run


@pytest.fixture
def delivery(make_message: Callable[..., object]) -> StakeholderDelivery:
    """A mail that waits to be sent."""
    make_message()
    return StakeholderDelivery.objects.get()


@pytest.mark.usefixtures("trusted")
def test_a_mail_goes_out_encrypted_to_a_server_that_asks_who_we_are(
    serve: Serve, delivery: StakeholderDelivery
) -> None:
    with serve() as server:
        assert deliver_due() == 1
    assert (len(server.mails), server.was_encrypted, server.user) == (1, True, USER)


@pytest.mark.parametrize("trusts", [False, True])
def test_nothing_is_told_to_a_server_whose_certificate_is_wrong(
    serve: Serve, delivery: StakeholderDelivery, trusts: bool, request: pytest.FixtureRequest
) -> None:
    """Its authority is not trusted; or it is, and the certificate is somebody else's."""
    if trusts:
        request.getfixturevalue("trusted")
    with serve("mail.example.com" if trusts else "127.0.0.1") as server:
        assert deliver_due() == 0
    assert (server.texts, server.user) == (0, "")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (DeliveryState.WAITING, 1)
    assert "certificate" in delivery.error.lower()


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_told_and_tried_again(serve: Serve, delivery: StakeholderDelivery) -> None:
    with serve(password="another") as server:
        assert deliver_due() == 0
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, server.texts) == (DeliveryState.WAITING, 1, 0)
    assert delivery.error.startswith("The mail server answered: 535")


def test_a_server_without_starttls_gets_no_mail_in_the_clear(
    settings: Any, delivery: StakeholderDelivery
) -> None:
    with running_mail_server(settings) as server:
        settings.EMAIL_USE_TLS = True
        assert deliver_due() == 0
    delivery.refresh_from_db()
    assert (delivery.state, server.texts) == (DeliveryState.WAITING, 0)
    assert "STARTTLS" in delivery.error
