/** WeChat takes 2,048 bytes of text; a Chinese character is three. */
const PIECE_CHARS = 600;

/** A text in as few messages as WeChat allows; what does not fit is named, not dropped silently. */
export function piecesOf(text: string, atMost: number): string[] {
  const characters = [...text];
  const pieces: string[] = [];
  while (characters.length > 0 && pieces.length < atMost) pieces.push(characters.splice(0, PIECE_CHARS).join(''));
  if (characters.length > 0) pieces[pieces.length - 1] = `${pieces.at(-1)!.slice(0, PIECE_CHARS - 30)}……（全文请在小程序中查看）`;
  return pieces;
}
