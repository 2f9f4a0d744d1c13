import { type Day, daysBetween } from "./time/days.ts";

/** Every byte is read again within so many nights, one part of the objects a night. */
export const rotationParts = 28;
/** Parts that a run reads at most, to catch up with nights that did not run. */
const maxPartsPerRun = 7;

/** Where a rotation is. */
export interface Rotation {
  /** The next part, 1 to {@link rotationParts}. */
  readonly next: number;
  /** Parts of earlier nights that were not read. */
  readonly owed: number;
}

/** The parts of one run, and where the rotation is afterwards. */
export interface RotationStep {
  readonly parts: readonly number[];
  readonly rotation: Rotation;
}

/** A damaged or forged report must not stop the rotation. */
function boundedRotation(rotation: Rotation | undefined): Rotation | undefined {
  if (!rotation) return undefined;
  const { next, owed } = rotation;
  return { next: ((Math.max(next, 1) - 1) % rotationParts) + 1, owed: Math.min(owed, rotationParts) };
}

/**
 * Returns the parts of a night: one, and more after nights without a run. Without an earlier night it begins with the part of
 * the date.
 * @param requested number of parts that an operator wants
 */
export function nextParts(
  today: Day,
  previous: { readonly day: Day; readonly rotation: Rotation } | undefined,
  requested?: number,
): RotationStep {
  const { next, owed } = boundedRotation(previous?.rotation) ?? {
    next: (daysBetween("2026-01-01", today).length % rotationParts) + 1,
    owed: 0,
  };
  const nights = previous ? daysBetween(previous.day, today).length : 1;
  const due = Math.min(owed + nights, rotationParts);
  const count = requested ?? Math.min(Math.max(due, 1), maxPartsPerRun);
  const parts = Array.from({ length: count }, (_, index) => ((next - 1 + index) % rotationParts) + 1);
  return {
    parts,
    rotation: { next: ((next - 1 + count) % rotationParts) + 1, owed: Math.max(0, due - count) },
  };
}
