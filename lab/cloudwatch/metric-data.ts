interface Point {
  readonly at: number;
  readonly value: number;
}

const statistics: Readonly<Record<string, (values: readonly number[]) => number>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => Math.max(...values),
  Minimum: (values) => Math.min(...values),
};

/** Data of one metric. */
export class MetricData {
  private readonly points: Point[] = [];

  add(point: Point): void {
    this.points.push(point);
  }

  sort(): void {
    this.points.sort((a, b) => a.at - b.at);
  }

  /** Returns the statistic over `[from, to)`; undefined without data. */
  statistic(name: string, from: number, to: number): number | undefined {
    const reduce = statistics[name];
    if (!reduce) throw new Error(`The lab does not know the statistic ${name}`);
    const values: number[] = [];
    const end = this.indexOf(to);
    for (let n = this.indexOf(from); n < end; n++) values.push(this.points[n]?.value ?? 0);
    return values.length === 0 ? undefined : reduce(values);
  }

  hasAnyBefore(to: number): boolean {
    return this.indexOf(to) > 0;
  }

  /** Returns the instant of the first point at or after `from`; infinite without one. */
  nextFrom(from: number): number {
    return this.points[this.indexOf(from)]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Returns the number of points before an instant. */
  private indexOf(at: number): number {
    let [low, high] = [0, this.points.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.points[middle]?.at ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
