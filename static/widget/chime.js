/* Two short notes when an answer comes that she does not see come. No file; nothing before she has used the page, for
   browsers would refuse it; never twice for one message, in however many tabs; and she can switch it off. */

const openChime = ({ memory }) => {
  let isAllowed = true; /* by the shop */
  const isOn = () => isAllowed && memory.choice("sound") !== "off";

  const play = () => {
    const Context = window.AudioContext || window.webkitAudioContext;
    if (!Context || navigator.userActivation?.hasBeenActive === false) return;
    const context = new Context();
    [[0, 880], [0.12, 1175]].forEach(([after, pitch]) => {
      const note = context.createOscillator();
      const volume = context.createGain();
      const from = context.currentTime + after;
      note.frequency.value = pitch;
      volume.gain.setValueAtTime(0.0001, from);
      volume.gain.exponentialRampToValueAtTime(0.12, from + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, from + 0.3);
      note.connect(volume).connect(context.destination);
      note.start(from);
      note.stop(from + 0.32);
    });
    setTimeout(() => context.close(), 800);
  };

  return {
    isOn,
    isAllowed: () => isAllowed,
    allow: (does) => { isAllowed = does; },
    toggle: () => { memory.keepChoice("sound", isOn() ? "off" : "on"); return isOn(); },
    ring: (id) => {
      if (!isOn() || memory.choice("rung") === id) return;
      memory.keepChoice("rung", id);
      play();
    },
  };
};
