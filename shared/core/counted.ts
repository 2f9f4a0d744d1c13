/** Returns the count with its noun: "1 day", "2 days", "0 entries". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
