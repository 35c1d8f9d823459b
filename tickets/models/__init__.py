from tickets.models.alarm import Alarm, AlarmMail, AlarmNotice, AlarmSettings
from tickets.models.attachment import Attachment
from tickets.models.availability import Availability, AvailabilityChange
from tickets.models.breach import Breach
from tickets.models.broadcast import Broadcast, BroadcastReading
from tickets.models.canned_reply import CannedReply
from tickets.models.draft import Draft
from tickets.models.hint import Hint
from tickets.models.macro import Macro
from tickets.models.mention import Mention
from tickets.models.message_text import MessageText, SearchProgress
from tickets.models.promise_settings import PromiseSettings
from tickets.models.routing import AgentRouting, CenterRouting
from tickets.models.rule import Rule, RuleRun, RuleTimer, RuleWork
from tickets.models.saved_view import SavedView
from tickets.models.tag import Tag
from tickets.models.ticket import Ticket
from tickets.models.topic import Topic

__all__ = [
    "AgentRouting",
    "Alarm",
    "AlarmMail",
    "AlarmNotice",
    "AlarmSettings",
    "Attachment",
    "Availability",
    "AvailabilityChange",
    "Breach",
    "Broadcast",
    "BroadcastReading",
    "CannedReply",
    "CenterRouting",
    "Draft",
    "Hint",
    "Macro",
    "Mention",
    "MessageText",
    "PromiseSettings",
    "Rule",
    "RuleRun",
    "RuleTimer",
    "RuleWork",
    "SavedView",
    "SearchProgress",
    "Tag",
    "Ticket",
    "Topic",
]
