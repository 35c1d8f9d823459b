"""What came in as a mail is read as it was meant, whatever program wrote it; what was made to do harm does none."""

from __future__ import annotations

from base64 import b64encode
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels_app.mail.files import MailFile
from channels_app.mail.html_text import text_of_html
from channels_app.mail.quotations import part_history
from channels_app.mail.reading import MAIL_BYTES, PARTS_AT_MOST, TEXT_LENGTH, Unreadable, read_mail
from tests.channels_app.mail.shops import letter
from tests.tickets.files import jpeg

HEAD = b"From: k@mail.example\r\nTo: help@haneul.example\r\nMessage-ID: <a@b>\r\n"


def body(content: bytes, charset: str, encoding: str = "8bit") -> bytes:
    told = f'Content-Type: text/plain; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return HEAD + told.encode() + content


@pytest.mark.parametrize(
    ("charset", "codec"),
    [
        ("EUC-KR", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ("KS_C_5601-1987", "euc-kr"),
        ("cp949", "cp949"),
        ("iso-2022-kr", "iso2022_kr"),
        ("utf-8", "utf-8"),
        ("us-ascii", "cp949"),
        ("x-made-up", "utf-8"),
        ("x-made-up", "cp949"),
    ],
)
def test_korean_charsets(charset: str, codec: str):
    text = "안녕하세요, 홍길동입니다." if "euc" in codec or "2022" in codec else "똠방각하 펲시콜라"
    assert read_mail(body(text.encode(codec), charset)).text == text


@pytest.mark.parametrize(
    "subject",
    [
        b"=?ks_c_5601-1987?B?" + b64encode("똠방 문의".encode("cp949")) + b"?=",
        b"=?utf-8?B?" + b64encode("똠방 문의".encode()) + b"?=",
        "똠방 문의".encode("cp949"),
        "똠방 문의".encode(),
    ],
)
def test_korean_heads_encoded_or_not(subject: bytes):
    assert read_mail(HEAD + b"Subject: " + subject + b"\r\n\r\nhi").subject == "똠방 문의"


def test_who_wrote_and_where_to():
    raw = letter(
        sender='"=?utf-8?B?6rmA7ISc7Jew?=" <Seo.Yeon@Mail.Example>',
        Reply_To="other@mail.example",
        Cc="Team <x@y.example>",
    )
    mail = read_mail(raw)
    assert (mail.sender, mail.sender_name, mail.answer_to) == ("seo.yeon@mail.example", "김서연", "other@mail.example")
    assert mail.recipients == ("help@haneul.example", "x@y.example")


def test_html_alone_becomes_text_and_nothing_acts():
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = "k@mail.example", "<a@b>"
    mail.set_content(
        "<html><head><style>p{}</style><title>x</title></head><body><p>첫 줄<br>둘째 &amp; 줄</p><script>alert(1)</script>"
        '<div>주문은 <a href="https://shop.example/o/1">여기</a></div><img src="https://track.example/p.gif"></body></html>',
        subtype="html",
    )
    assert read_mail(mail.as_bytes()).text == "첫 줄\n둘째 & 줄\n\n주문은 여기 (https://shop.example/o/1)"


def test_plain_text_counts_before_html_and_files_are_named():
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = "k@mail.example", "<a@b>"
    mail.set_content("글로 쓴 말")
    mail.add_alternative("<p>다른 말</p>", subtype="html")
    mail.add_attachment(jpeg(), maintype="image", subtype="jpeg", filename="소매 사진.jpg")
    read = read_mail(mail.as_bytes())
    assert read.text == "글로 쓴 말"
    assert read.files == (MailFile("소매 사진.jpg", jpeg()),)


@pytest.mark.parametrize(
    "history",
    [
        "-----Original Message-----\nFrom: 하늘상회\nTo: 김서연\n\n이전 말",
        "----- 원본 메시지 -----\n보낸 사람: 하늘상회\n받는 사람: 김서연\n\n이전 말",
        "2026년 11월 5일 (목) 오후 2:03, 하늘상회 <help@haneul.example>님이 작성:\n\n> 이전 말\n> 더",
        "2026년 11월 5일 (목) 오후 2:03, 하늘상회\n<help@haneul.example>님이 작성:\n\n> 이전 말",
        "On Thu, Nov 5, 2026 at 2:03 PM 하늘상회 <help@haneul.example> wrote:\n> 이전 말",
        "보낸 사람: 하늘상회 <help@haneul.example>\n보낸 날짜: 2026-11-05\n받는 사람: 김서연\n제목: 답\n\n이전 말",
        "________________________________\n보낸 사람: 하늘상회\n보낸 날짜: 오늘\n받는 사람: 나\n제목: 답",
        "> 이전 말\n> 더",
        "2026-11-26 21:11에 고객님이 쓰신 내용:\n언제",
    ],
)
def test_what_stood_below_is_parted(history: str):
    assert part_history(f"네, 감사합니다.\n\n{history}") == ("네, 감사합니다.", history.strip())


@pytest.mark.parametrize(
    "text",
    [
        "보낸 사람: 이라고 적힌 택배가 왔어요",
        "> 언제 오나요?\n내일요. 그런데 이건요?",
        "2026년 1월에 샀다고 작성:\n그런데 아니에요",
        "From: 집\nTo: 가게 로 가는 길을 알려 주세요",
    ],
)
def test_what_she_wrote_stays(text: str):
    assert part_history(text) == (text, "")


def test_a_mail_of_quotations_only_is_kept_whole():
    assert part_history("> 전부 인용") == ("> 전부 인용", "")


@pytest.mark.parametrize(
    ("heads", "is_automatic", "is_answer"),
    [
        ({}, False, False),
        ({"Auto_Submitted": "no"}, False, False),
        ({"Auto_Submitted": "auto-replied"}, True, True),
        ({"Auto_Submitted": "auto-generated"}, True, False),
        ({"Precedence": "bulk"}, True, False),
        ({"X_Autoreply": "yes"}, True, True),
        ({"List_Id": "<news.example>"}, True, False),
        ({"Return_Path": "<>"}, True, False),
    ],
)
def test_machines_are_known(heads: dict[str, str], is_automatic: bool, is_answer: bool):
    mail = read_mail(letter(**heads))
    assert (mail.is_automatic, mail.is_automatic_answer) == (is_automatic, is_answer)


def test_only_the_topmost_word_of_a_server_counts():
    passing = "mx.haneul.example; dmarc=pass header.from=mail.example"
    failing = "mx.haneul.example; dmarc=fail"
    raw = b"Authentication-Results: " + failing.encode() + b"\r\nAuthentication-Results: " + passing.encode() + b"\r\n"
    assert read_mail(raw + letter()).vouched_by == frozenset()
    assert read_mail(letter(Authentication_Results=passing)).vouched_by == {"mx.haneul.example"}


@pytest.mark.parametrize(
    "told",
    [
        "mx.haneul.example; spf=pass smtp.mailfrom=dmarc=pass@evil.example; dmarc=fail",
        'mx.haneul.example; spf=pass smtp.mailfrom="; dmarc=pass"@evil.example; dmarc=fail',
        "mx.haneul.example; spf=pass (says ; dmarc=pass) smtp.mailfrom=evil.example; dmarc=none",
        "mx.haneul.example; spf=pass (a (b) ; dmarc=pass) smtp.mailfrom=evil.example; dmarc=none",
        "; dmarc=pass",
    ],
)
def test_what_a_sender_wrote_is_no_word_of_a_server(told: str):
    assert read_mail(letter(Authentication_Results=told)).vouched_by == frozenset()


def test_a_mail_without_a_name_gets_one_from_its_content():
    raw = b"From: k@mail.example\r\n\r\nhi"
    assert read_mail(raw).message_id == read_mail(raw).message_id
    assert read_mail(raw).message_id != read_mail(raw + b"!").message_id


def test_limits():
    with pytest.raises(Unreadable):
        read_mail(b"x" * (MAIL_BYTES + 1))
    assert len(read_mail(body(b"a" * 200_000, "utf-8")).text) == TEXT_LENGTH + 1
    deep = HEAD
    for level in range(3000):
        deep += f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'.encode()
    many = HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n' + b"--x\r\n\r\nhi\r\n" * (PARTS_AT_MOST * 3)
    for raw in (deep, many):
        try:
            assert len(read_mail(raw).text) < 10_000
        except Unreadable:
            continue


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"hello", b"\xff\xfe\x00", b"A: b\r\n\r\nx"])
def test_what_is_no_mail(raw: bytes):
    with pytest.raises(Unreadable):
        read_mail(raw)


@given(st.binary(max_size=600))
def test_no_bytes_break_the_reader(raw: bytes):
    for one in (raw, HEAD + raw, HEAD + b"\r\n" + raw, HEAD + b"Content-Type: " + raw, HEAD + b"Subject: " + raw):
        try:
            mail = read_mail(one)
        except Unreadable:
            continue
        assert isinstance(mail.text, str)


@given(st.text(max_size=300))
def test_no_markup_breaks_the_reader(html: str):
    assert isinstance(text_of_html(html), str)


@given(st.text(max_size=300))
def test_parting_loses_nothing(text: str):
    own, history = part_history(text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert "".join((own + history).split()) == "".join(plain.split())
