"""What happens in the shops: sales, something brought back, somebody served, a matter raised at the counter."""

from __future__ import annotations

from django.utils.translation import gettext as _

from channels_app.demo import sales
from channels_app.demo.catalogue import other_size
from channels_app.demo.dialogues import visit_notes
from channels_app.demo.organization import STORES, StorePlan, clerk_of, store_plan
from channels_app.demo.particles import Word
from channels_app.demo.people import Customer
from channels_app.demo.player.speech import choose_speech
from channels_app.demo.player.stage import Act

_KNOWN_SHARE = 0.75
# So many inquiries are left to whoever watches; the others a colleague settles after a while.
_LEFT_SHARE = 0.5


async def sale(act: Act) -> None:
    """Somebody buys; three of four tell their number."""
    who = act.pick(lambda one: one.phone) if act.rng.random() < _KNOWN_SHARE else None
    plan = store_plan(who.store) if who else act.rng.choice(STORES)
    sold = _sale(act, plan, who)
    event = sold.to_event()
    await act.send(event["source"], event["type"], event["data"], event_id=event["id"])
    act.tell(_("Sale"), _("%(store)s: %(who)s, %(what)s") % _told(sold))


async def refund(act: Act) -> None:
    """Somebody brings something back."""
    who = act.pick(lambda one: one.member_no)
    event = sales.refund_event(_sale(act, store_plan(who.store), who), act.now)
    # The sale it belongs to was never told to the hub: it happened at another till.
    data = {key: value for key, value in event["data"].items() if key != "original_receipt_no"}
    await act.send(event["source"], event["type"], data, event_id=event["id"])
    told = {"store": store_plan(who.store).name, "who": who.name, "amount": f"{data['total']:,}"}
    act.tell(_("Refund"), _("%(store)s: %(who)s, %(amount)s won") % told)


async def visit(act: Act) -> None:
    """Somebody is served, and the counter jots it down."""
    who = act.pick(lambda one: one.member_no)
    piece = sales.basket(act.rng)[0][0]
    words = {
        "item": piece.product.spoken,
        "color": Word(piece.colour),
        "size": Word(piece.size or "M"),
        "size2": Word(other_size(act.rng, piece)),
        "points": Word(f"{act.rng.randint(5, 90) * 100:,}포인트"),
    }
    notes = [one for one in visit_notes() if piece.size or "{size" not in one]
    note = act.rng.choice(notes).format(**words)
    data = {"customer": who.at_till(), "store": who.store, "staff": clerk_of(who.store).email, "note": note}
    await act.send(f"/{who.center}/store/{who.store}", "store.visit", data)
    act.tell(_("Visit"), _("%(store)s: %(who)s, “%(text)s”") % _said(who, note))


async def inquiry(act: Act) -> None:
    """A matter raised at the counter; the center sees it at once."""
    who = act.pick(lambda one: one.member_no)
    agent = act.colleague(who.center)
    speech = choose_speech(act, "counter", who, agent)
    source, thread = f"/{who.center}/store/{who.store}", f"st-{act.name}"
    text = speech.words_of(speech.dialogue.lines[0])
    data = {"thread": thread, "customer": who.at_till(), "store": who.store, "staff": clerk_of(who.store).email}
    await act.send(source, "store.inquiry", data | {"text": text})
    act.tell(_("Inquiry"), _("%(store)s: %(who)s, “%(text)s”") % _said(who, text))
    if act.rng.random() < _LEFT_SHARE:
        return
    await act.pause(40, 120)
    by_agent = {"thread": thread, "agent": agent.email}
    await act.send(source, "ticket.assigned", by_agent)
    await act.pause(15, 60)
    if speech.note:
        await act.send(source, "note.added", by_agent | {"text": speech.note})
    await act.send(source, "ticket.resolved", by_agent | {"topic": speech.dialogue.topic})
    act.tell(_("Inquiry"), _("%(agent)s settled %(who)s's inquiry") % {"agent": agent.name, "who": who.name})


def _sale(act: Act, plan: StorePlan, who: Customer | None) -> sales.Sale:
    shown = who.at_till() if who else None
    return sales.Sale(f"{plan.receipt_letter}-{act.name}", plan.slug, act.now, sales.basket(act.rng), who, shown)


def _told(sold: sales.Sale) -> dict[str, str]:
    first, *rest = sold.pieces
    what = first[0].product.name
    if rest:
        what = _("%(what)s and %(count)d more") % {"what": what, "count": len(rest)}
    return {
        "store": store_plan(sold.store).name,
        "who": sold.who.name if sold.who else _("a passer-by"),
        "what": _("%(what)s, %(amount)s won") % {"what": what, "amount": f"{sold.total:,}"},
    }


def _said(who: Customer, text: str) -> dict[str, str]:
    return {"store": store_plan(who.store).name, "who": who.name, "text": text}
