/** Returns round values from 0 to at least `max`, at most five of them, for whole numbers. */
export function niceTicks(max: number): number[] {
  const least = Math.max(1, max / 4);
  const power = 10 ** Math.floor(Math.log10(least));
  const step =
    [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= least && each % 1 === 0) ?? least;
  return Array.from({ length: Math.max(1, Math.ceil(max / step)) + 1 }, (_, index) => index * step);
}
