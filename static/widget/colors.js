/* The shop's own color, and letters on it that can be read: white where they stand out enough, else black. */

const isColor = (text) => /^#[0-9a-f]{6}$/i.test(text || "");

const inkOn = (color) => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (light + 0.05) >= 4.5 ? "#fff" : "#000";
};

/* A sheet of its own: strict policies close the style attribute, and what is important wins over the attribute anyway. */
const openColors = (color) => {
  const sheet = new CSSStyleSheet();
  const set = (next) => {
    if (isColor(next)) sheet.replaceSync(`:host { --brand: ${next} !important; --brand-ink: ${inkOn(next)} !important; }`);
  };
  set(color);
  return { sheet, set };
};
