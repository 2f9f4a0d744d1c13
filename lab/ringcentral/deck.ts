import { seedOf } from "./random.ts";

/**
 * The card that comes in this turn: each comes once before any comes again, in another order each time. So whatever is
 * dealt is met soon, which independent draws do not promise.
 */
export function dealt<Card>(name: string, cards: readonly [Card, ...Card[]], turn: number): Card {
  return cards[dealtPlace(name, cards.length, turn)] ?? cards[0];
}

/** Returns the usual card in half of the turns, and one of the deck in the others. */
export function dealtOrUsual<Card>(name: string, usual: Card, cards: readonly Card[], turn: number): Card {
  return cards[dealtPlace(name, 2 * cards.length, turn)] ?? usual;
}

function dealtPlace(name: string, length: number, turn: number): number {
  const round = Math.floor(turn / length);
  const start = seedOf("start", name, round) % length;
  const stride = strideFor(length, seedOf("stride", name, round));
  return (start + (turn % length) * stride) % length;
}

/** True in one of `every` turns. */
export function isTurn(name: string, every: number, turn: number): boolean {
  return (turn + seedOf("turn", name)) % every === 0;
}

/** Returns a step that visits every place before it visits one again. */
function strideFor(length: number, seed: number): number {
  let stride = 1 + (seed % length);
  while (commonDivisor(stride, length) !== 1) stride += 1;
  return stride;
}

function commonDivisor(one: number, other: number): number {
  return other === 0 ? one : commonDivisor(other, one % other);
}
