"""Messages of messengers (KakaoTalk, TalkTalk, LINE …): what goes out, by a relay of the shop's own that speaks with the service."""
