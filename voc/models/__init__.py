from voc.models.alarm import DigestSettings, VoiceAlarm, VoiceMail, VoiceNotice, VoiceWatch
from voc.models.improvement import AnsweredVoice, HeardReply, Improvement, Size, Term
from voc.models.layer import Layer
from voc.models.listening import Heard, Listening
from voc.models.tagging import Tagging
from voc.models.topic_words import TopicWords
from voc.models.voice import Act, Mood, Severity, Voice, VoiceTopic

__all__ = [
    "Act",
    "AnsweredVoice",
    "DigestSettings",
    "Heard",
    "HeardReply",
    "Improvement",
    "Layer",
    "Listening",
    "Mood",
    "Severity",
    "Size",
    "Tagging",
    "Term",
    "TopicWords",
    "Voice",
    "VoiceAlarm",
    "VoiceMail",
    "VoiceNotice",
    "VoiceTopic",
    "VoiceWatch",
]
