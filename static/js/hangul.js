// Whether what is typed so far is part of a name: by letters, by initials (ㅂㅅㄷ), and in the middle of a syllable.
window.hangul = (() => {
  const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
  const FINALS = ["", ..."ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"];
  const PAIRS = { ㄳ: "ㄱㅅ", ㄵ: "ㄴㅈ", ㄶ: "ㄴㅎ", ㄺ: "ㄹㄱ", ㄻ: "ㄹㅁ", ㄼ: "ㄹㅂ", ㄽ: "ㄹㅅ", ㄾ: "ㄹㅌ", ㄿ: "ㄹㅍ", ㅀ: "ㄹㅎ", ㅄ: "ㅂㅅ" };
  const DOUBLED = { ㄲ: "ㄱ", ㄸ: "ㄷ", ㅃ: "ㅂ", ㅆ: "ㅅ", ㅉ: "ㅈ" };
  const plain = (jamo) => DOUBLED[jamo] || jamo;
  const numberOf = (letter) => { const number = letter.charCodeAt(0) - 0xac00; return number >= 0 && number < 11172 ? number : -1; };
  const initialOf = (letter) => (numberOf(letter) < 0 ? letter : INITIALS[Math.floor(numberOf(letter) / 588)]);

  const fits = (typed, letter) => (INITIALS.includes(typed)
    ? plain(initialOf(letter)) === plain(typed)
    : letter.toLowerCase().normalize("NFD").startsWith(typed.toLowerCase().normalize("NFD")));
  // The last consonant may belong to the next syllable: “밗” is 박 and the beginning of 상.
  const readings = (typed) => {
    const last = typed.at(-1) || "";
    const final = numberOf(last) < 0 ? "" : FINALS[numberOf(last) % 28];
    const apart = [...typed].flatMap((letter) => [...(PAIRS[letter] || letter)]).join("");
    if (!final) return [apart];
    const [stays, goes] = PAIRS[final] || ["", final];
    const syllable = String.fromCharCode(last.charCodeAt(0) - FINALS.indexOf(final) + FINALS.indexOf(stays));
    return [apart, typed.slice(0, -1) + syllable + goes];
  };
  const isPartOf = (typed, name) => readings(typed).some((reading) => {
    const [letters, wanted] = [[...name], [...reading]];
    return letters.some((_, start) => start + wanted.length <= letters.length && wanted.every((one, place) => fits(one, letters[start + place])));
  });
  return { isPartOf };
})();
