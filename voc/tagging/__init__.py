"""The tagger: a customer's text in, its sentences with mood, topics, act and severity out. Pure Python, nothing of Django in it."""

from voc.tagging.heat import is_heated
from voc.tagging.layers import Layer
from voc.tagging.scrub import scrub
from voc.tagging.shapes import ACTS, LANGUAGES, SEVERITIES, Correction, Sentence, Topic, TopicMood, Uncorrected
from voc.tagging.tagger import Whole, tag, tag_many, whole
from voc.tagging.talk import REGISTERS, register_of
from voc.tagging.teaching import train_layer
from voc.tagging.topics import DEFAULT_TOPICS
from voc.tagging.versions import VERSION

__all__ = [
    "ACTS",
    "DEFAULT_TOPICS",
    "LANGUAGES",
    "REGISTERS",
    "SEVERITIES",
    "VERSION",
    "Correction",
    "Layer",
    "Sentence",
    "Topic",
    "TopicMood",
    "Uncorrected",
    "Whole",
    "is_heated",
    "register_of",
    "scrub",
    "tag",
    "tag_many",
    "train_layer",
    "whole",
]
