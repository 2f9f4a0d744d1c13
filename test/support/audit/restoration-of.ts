import { expect, test } from "vitest";
import type { RestoreServices } from "../../../shared/audit/restore/restoration.ts";
import type { RestoreOptions } from "../../../shared/audit/restore/restore-archive.ts";
import type { ArchiveLab } from "./archive-lab.ts";
import { restoreSample, versionsIn } from "./restore-sample.ts";
import type { Tampering } from "./tampering.ts";
import { verifySample } from "./verify-sample.ts";

type Options = Partial<RestoreOptions & RestoreServices>;

/** Tests each row: a dry run names it and changes nothing, a restoration heals it, and a verification then finds nothing. */
export function testRestorationOf<T>(
  rows: readonly Tampering<T>[],
  open: () => Promise<ArchiveLab>,
  { tamperWith, ...options }: Options & { readonly tamperWith: (lab: ArchiveLab) => T },
): void {
  const heals = rows.filter(({ isLost }) => !isLost);
  const lost = rows.filter(({ isLost }) => isLost);

  test.each(heals)("heals $what, after a dry run has named it", async (row) => {
    const lab = await open();
    await row.by(tamperWith(lab));
    const before = await versionsIn(lab);

    const dry = await restoreSample(lab, { ...options, depth: depthOf(row), isDryRun: true });
    const unchanged = await versionsIn(lab);
    const { lines } = await restoreSample(lab, { ...options, depth: depthOf(row) });

    expect(unchanged).toEqual(before);
    expect(dry.lines.map((line) => line.replace(/^to-\w+ /, ""))).toEqual(restorationLines(row));
    expect(lines).toEqual(dry.lines.map(doneLine).sort());
    expect((await verifySample(lab, { ...options, depth: "bytes" })).findingLines).toEqual([]);
    expect((await restoreSample(lab, options)).lines).toEqual([]);
  });

  test.each(lost)("refuses $what, because no version has the bytes, and names their SHA-256", async (row) => {
    const lab = await open();
    await row.by(tamperWith(lab));
    const before = await versionsIn(lab);

    const { restorations, lines } = await restoreSample(lab, { ...options, depth: depthOf(row) });

    expect(lines).toEqual(restorationLines(row).map((line) => `refused ${line}`));
    for (const { hint } of restorations) expect(hint).toMatch(/Put it back from a backup.* SHA-256 is \S{43}=\.$/);
    expect(await versionsIn(lab)).toEqual(before);
  });
}

function depthOf({ from }: Tampering<never>) {
  return from === "bytes" ? "bytes" : "checksums";
}

/** A restoration names each object once, though two days may reference it. */
function restorationLines({ findingLines, restorationLines = findingLines }: Tampering<never>): string[] {
  return [...new Set(restorationLines)].sort();
}

function doneLine(line: string): string {
  return line.replace(/^to-restore/, "restored").replace(/^to-remove/, "removed");
}
