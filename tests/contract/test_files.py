"""Files: what may be uploaded for which purpose, what is said of it, and that it is there afterwards.

C: docs.stripe.com/file-upload, a project's recordings of 2026-08 for the refusals, gumroad's for the object.
"""

from __future__ import annotations

import io

import pytest
import stripe

from .errors import refused

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) + b"\r\n--\r\n"
CONTENTS = {
    "png": PNG,
    "jpg": b"\xff\xd8\xff\xe0" + b"\0" * 50,
    "gif": b"GIF89a" + b"x" * 50,
    "pdf": b"%PDF-1.7\n",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "txt": b"Hello",
}
# C: purpose -> the types that it takes
TYPES = {
    "account_requirement": "pdf jpg png",
    "business_icon": "jpg png gif",
    "business_logo": "jpg png gif",
    "customer_signature": "jpg png svg",
    "dispute_evidence": "pdf jpg png",
    "terminal_reader_splashscreen": "jpg png gif",
}


def file(content: bytes, name: str = "picture") -> io.BytesIO:
    stream = io.BytesIO(content)
    stream.name = name
    return stream


def upload(client: stripe.StripeClient, purpose: str, content: bytes, name: str = "picture") -> stripe.File:
    return client.v1.files.create({"purpose": purpose, "file": file(content, name)})


def test_what_is_said_of_a_file(client):
    made = upload(client, "terminal_reader_splashscreen", PNG, 'our "shop".png')
    assert made.id.startswith("file_")
    assert (made.purpose, made.type, made.size) == ("terminal_reader_splashscreen", "png", len(PNG))
    assert (made.title, made.expires_at, made.links.data) == (None, None, [])
    assert made.links.url == f"/v1/file_links?file={made.id}"
    assert client.v1.files.retrieve(made.id).to_dict() == made.to_dict()


@pytest.mark.parametrize("type", CONTENTS)
@pytest.mark.parametrize("purpose", TYPES)
def test_a_purpose_takes_some_types(client, simulated, purpose, type):
    if type in TYPES[purpose].split():
        # The name says nothing.
        assert upload(client, purpose, CONTENTS[type], "x.exe").type == type
    else:
        error = refused(upload, client, purpose, CONTENTS[type], "x.png")
        assert (error.user_message, error.code) == ("The file you uploaded is not supported", None)


@pytest.mark.offline_only("Stripe takes larger ones, according to their purpose")
def test_a_file_has_512_kb_at_most(client):
    most = PNG + b"x" * (512 * 1024 - len(PNG))
    assert upload(client, "business_logo", most).size == 512 * 1024
    error = refused(upload, client, "business_logo", most + b"x")
    assert error.user_message == (
        "The file you uploaded was too large. Please upload a file smaller than 512 KB."
    )


def test_an_empty_file(client):
    assert "not supported" in str(refused(upload, client, "dispute_evidence", b""))


def test_an_unknown_purpose(client):
    assert refused(upload, client, "holiday_picture", PNG).param == "purpose"


def test_list_by_purpose(client, simulated):
    ids = [
        upload(client, purpose, PNG).id for purpose in ("business_logo", "dispute_evidence", "business_logo")
    ]
    listed = client.v1.files.list({"purpose": "business_logo"})
    assert [one.id for one in listed.data] == [ids[2], ids[0]]
    assert [one.id for one in client.v1.files.list().auto_paging_iter()] == ids[::-1]


def test_unknown_file(client):
    error = refused(client.v1.files.retrieve, "file_nobody")
    assert (error.http_status, error.code) == (404, "resource_missing")


def test_the_same_upload_once(client):
    options: stripe.RequestOptions = {"idempotency_key": "logo"}
    params = [{"purpose": "business_logo", "file": file(content)} for content in (PNG, PNG, PNG + b"!")]
    first, second = (client.v1.files.create(one, options=dict(options)) for one in params[:2])
    assert first.id == second.id
    with pytest.raises(stripe.IdempotencyError):
        client.v1.files.create(params[2], options=dict(options))


@pytest.mark.offline_only("Files are kept there")
def test_a_reset_takes_files_along(client):
    made = upload(client, "business_logo", PNG).id
    client.raw_request("post", "/_simulator/reset")
    assert refused(client.v1.files.retrieve, made).http_status == 404


# C: docs.stripe.com/terminal/features/collect-inputs
def test_a_signature_is_a_file(client, reader):
    ask = {"type": "signature", "custom_text": {"title": "Sign here"}, "required": True}
    client.v1.terminal.readers.collect_inputs(reader, {"inputs": [ask]})
    done = client.v1.test_helpers.terminal.readers.succeed_input_collection(reader)
    signature = client.v1.files.retrieve(done.action.collect_inputs.inputs[0].signature.value)
    assert (signature.purpose, signature.type) == ("customer_signature", "svg")
    assert signature.size > 0


# What is no upload at all.
NOT_READ = {
    "no boundary": ("multipart/form-data", b"--x--\r\n"),
    "another boundary": ("multipart/form-data; boundary=y", b"--x\r\n\r\n\r\n--x--\r\n"),
    "no end": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x',
    ),
    "no name": (
        "multipart/form-data; boundary=x",
        b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--",
    ),
    "no head": ("multipart/form-data; boundary=x", b"--x\r\n1\r\n--x--"),
    "no text": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--',
    ),
}


@pytest.mark.parametrize("how", NOT_READ)
def test_an_upload_that_cannot_be_read(simulator, how):
    content_type, body = NOT_READ[how]
    headers = {"Authorization": "Bearer sk_test_upload", "Content-Type": content_type}
    response = simulator.handle("POST", "/v1/files", headers, body)
    assert response.status == 400
    assert "could not be read" in response.body or "UTF-8" in response.body


def test_a_file_that_is_only_named(target):
    answer = target.send("POST", "/v1/files", purpose="business_logo", file="logo.png")
    assert (answer.status, answer.error["param"]) == (400, "file")


def test_any_call_takes_a_multipart_body(simulator):
    part = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    body = part % (b"name", "Zoë & Co=".encode()) + part % (b"metadata[a]", b"b") + b"--x--\r\n"
    headers = {"Authorization": "Bearer sk_test_upload", "Content-Type": 'multipart/form-data; boundary="x"'}
    response = simulator.handle("POST", "/v1/customers", headers, body)
    assert '"name":"Zoë & Co="' in response.body
    assert '"metadata":{"a":"b"}' in response.body
