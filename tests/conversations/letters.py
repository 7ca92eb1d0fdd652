"""Mails as programs really write them: what was answered stands above what is quoted, each in its own way."""

from __future__ import annotations

from email.message import EmailMessage

OURS = """\
-----8<----- Answer above this line; what is below is cut off.

Hello Ada,

Ben Hur asks: Invoice 4711
Ben Hur: Which VAT rate is it?
"""
ANSWER = "It is 7 %.\n\nSee page 2."


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


_Q = _quoted("Hello Ada,\n\nBen Hur asks: Invoice 4711\nBen Hur: Which VAT rate is it?")

PLAIN = {
    "thunderbird": f"{ANSWER}\n\nOn 22.11.26 10:15, Backdesk wrote:\n{_quoted(OURS)}\n",
    "thunderbird in german": f"{ANSWER}\n\nAm 22.11.26 um 10:15 schrieb Backdesk:\n{_Q}\n",
    "gmail": (f"{ANSWER}\n\nOn Sun, 22 Nov 2026 at 10:15, Backdesk <backdesk@desk.example> wrote:\n\n{_Q}\n"),
    "gmail, whose line is broken": (
        f"{ANSWER}\n\nOn Sun, 22 Nov 2026 at 10:15, Backdesk\n<reply+a-b-c-d@answers.example> wrote:\n\n{_Q}\n"
    ),
    "gmail in german": (
        f"{ANSWER}\n\nAm So., 22. Nov. 2026 um 10:15 Uhr schrieb Backdesk <backdesk@desk.example>:\n\n{_Q}\n"
    ),
    "gmail in french": (
        f"{ANSWER}\n\nLe dim. 22 nov. 2026 à 10:15, Backdesk <backdesk@desk.example> a écrit :\n\n{_Q}\n"
    ),
    "apple mail": f"{ANSWER}\n\n> On 22. Nov 2026, at 10:15, Backdesk <b@desk.example> wrote:\n>\n{_Q}\n",
    "apple mail with its signature": f"{ANSWER}\n\nSent from my iPhone\n\n{_Q}\n",
    "outlook": (
        f"{ANSWER}\n\nFrom: Backdesk <backdesk@desk.example>\nSent: Sunday, November 22, 2026 10:15 AM\n"
        "To: Ada Larch <ada@larch.example>\nSubject: Ben Hur asks: Invoice 4711\n\nHello Ada,\n\nBen Hur asks\n"
    ),
    "outlook in german": (
        f"{ANSWER}\n\nVon: Backdesk <backdesk@desk.example>\nGesendet: Sonntag, 22. November 2026 10:15\n"
        "An: Ada Larch\nBetreff: Invoice 4711\n\nHello Ada,\n"
    ),
    "outlook, an older one": (
        f"{ANSWER}\n\n-----Original Message-----\nFrom: Backdesk\nTo: Ada\n\nHello Ada,\n"
    ),
    "a signature": f"{ANSWER}\n\n-- \nAda Larch\nLarch & Sons\n+49 30 1234\n",
    "quoted without a word before": f"{ANSWER}\n\n{_Q}\n",
    "our own mark alone": f"{ANSWER}\n\n{OURS}",
    "windows line ends": f"{ANSWER}\n\nOn 22.11.26 10:15, Backdesk wrote:\n{_Q}\n".replace("\n", "\r\n"),
    "nothing quoted": f"{ANSWER}\n",
}

HTML = {
    "gmail": (
        '<div dir="ltr">It is 7&nbsp;%.<div><br></div><div>See page 2.</div></div><br>'
        '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Sun, 22 Nov 2026 at 10:15, Backdesk '
        '&lt;<a href="mailto:b@desk.example">b@desk.example</a>&gt; wrote:<br></div>'
        "<blockquote><p>Hello Ada,</p><p>Ben Hur asks</p></blockquote></div>"
    ),
    "outlook": (
        "<html><head><style>p {margin: 0}</style></head><body><p>It is 7 %.</p><p>&nbsp;</p><p>See page 2.</p>"
        "<div><p><b>From:</b> Backdesk &lt;b@desk.example&gt;<br><b>Sent:</b> Sunday<br><b>To:</b> Ada</p></div>"
        "<p>Hello Ada,</p></body></html>"
    ),
    "a quote and no word before": "<p>It is 7 %.</p><br><p>See page 2.</p><blockquote>Which rate?</blockquote>",
}

#: What must not be taken for a quotation.
WHOLE = (
    "From: page 2 on it is 7 %.\nThe rest is 19 %.",
    "On Monday she wrote: nothing.\nOn Tuesday too.",
    "> Which rate?\n\nIt is 7 %.",
    "1 - 2\n--\t3",
    "Von: da an 7 %",
    "The list:\n- one\n- two",
)

#: Mails that machines send: what header tells so.
OF_MACHINES = {
    "a holiday notice": {"Auto-Submitted": "auto-replied"},
    "a notice of an older program": {"X-Autoreply": "yes"},
    "a bounce": {"Return-Path": "<>"},
    "a list": {"List-Id": "<news.example>"},
    "an answering machine": {"Precedence": "auto_reply"},
    "our own mail, come back": {"Auto-Submitted": "auto-generated (notification)"},
    "a postmaster": {"From": "Mail Delivery System <MAILER-DAEMON@mail.example>"},
}


def letter(
    *, to: str, sender: str, text: str = ANSWER, html: str = "", charset: str = "utf-8", **headers: str
) -> bytes:
    """A mail as it comes in; `text` may be empty where there is HTML alone."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = f"Backdesk <{to}>"
    message["Subject"] = "Re: Ben Hur asks: Invoice 4711"
    message["Message-ID"] = "<one@larch.example>"
    for name, value in headers.items():
        if name in message:
            message.replace_header(name, value)
        else:
            message[name] = value
    if text:
        message.set_content(text, charset=charset)
    if html and text:
        message.add_alternative(html, subtype="html")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()
