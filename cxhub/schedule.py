"""What a worker does by the clock: every task finds in the database what there is to do, so one that is left out loses nothing."""

from __future__ import annotations

BY_THE_CLOCK: dict[str, dict[str, object]] = {
    "pick-up-sales-imports": {"task": "channels_app.pick_up_sales_imports", "schedule": 60.0},
    # A call's target is 20 s. One that nobody has taken up before the next is left: that finds the same.
    "watch-clocks": {"task": "tickets.watch_clocks", "schedule": 5.0, "options": {"expires": 5.0}},
    "watch-promises": {"task": "tickets.watch_promises", "schedule": 15.0, "options": {"expires": 15.0}},
    # From an event to its figure on an open page it may take 5 seconds.
    "follow-figures": {"task": "kpi.follow", "schedule": 2.0, "options": {"expires": 2.0}},
    "pick-up-exports": {"task": "kpi.pick_up_exports", "schedule": 30.0, "options": {"expires": 30.0}},
    "send-digests": {"task": "kpi.send_digests", "schedule": 60.0, "options": {"expires": 60.0}},
    "copy-messages": {"task": "tickets.copy_messages", "schedule": 5.0, "options": {"expires": 5.0}},
    "send-alarm-mails": {"task": "tickets.send_alarm_mails", "schedule": 20.0, "options": {"expires": 20.0}},
    "settle-calls": {"task": "tickets.settle_all_calls", "schedule": 60.0, "options": {"expires": 60.0}},
    "recount-clocks": {"task": "tickets.recount_clocks", "schedule": 60.0, "options": {"expires": 60.0}},
    # What waits for a worker that is away runs out, instead of piling up.
    "go-round": {"task": "tickets.go_round", "schedule": 10.0, "options": {"expires": 10}},
    "follow-all-rules": {"task": "tickets.follow_all_rules", "schedule": 5.0, "options": {"expires": 5.0}},
    "drop-expired-uploads": {"task": "tickets.drop_expired_uploads", "schedule": 900.0},
    "announce-woken-tickets": {"task": "tickets.announce_woken", "schedule": 15.0},
    # A message's tags are on the screen within five seconds.
    "listen-to-voices": {"task": "voc.listen", "schedule": 1.0, "options": {"expires": 5.0}},
    "tag-voices-again": {"task": "voc.tag_again", "schedule": 15.0, "options": {"expires": 15.0}},
    "plan-surveys": {"task": "kpi.plan_surveys", "schedule": 60.0, "options": {"expires": 60.0}},
    "send-surveys": {"task": "kpi.send_surveys", "schedule": 15.0, "options": {"expires": 15.0}},
    "follow-survey-answers": {"task": "kpi.follow_survey_answers", "schedule": 15.0, "options": {"expires": 15.0}},
    "plan-consent-notices": {
        "task": "channels_app.plan_consent_notices",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "plan-consent-reminders": {
        "task": "channels_app.plan_consent_reminders",
        "schedule": 3600.0,
        "options": {"expires": 3600.0},
    },
    "send-consent-notices": {
        "task": "channels_app.send_consent_notices",
        "schedule": 15.0,
        "options": {"expires": 15.0},
    },
    "watch-voices": {"task": "voc.watch", "schedule": 10.0, "options": {"expires": 10.0}},
    "send-voice-mails": {"task": "voc.send_mails", "schedule": 20.0, "options": {"expires": 20.0}},
    "tell-heard": {"task": "voc.tell_heard", "schedule": 15.0, "options": {"expires": 15.0}},
    "send-deliveries": {"task": "channels_app.send_deliveries", "schedule": 5.0, "options": {"expires": 5.0}},
}
