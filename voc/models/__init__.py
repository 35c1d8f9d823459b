from voc.models.layer import Layer
from voc.models.listening import Heard, Listening
from voc.models.tagging import Tagging
from voc.models.topic_words import TopicWords
from voc.models.voice import Act, Mood, Severity, Voice, VoiceTopic

__all__ = [
    "Act",
    "Heard",
    "Layer",
    "Listening",
    "Mood",
    "Severity",
    "Tagging",
    "TopicWords",
    "Voice",
    "VoiceTopic",
]
