import type { ArchiveView, PageStyle, Report } from "./report.ts";
export async function renderReport(report: Report, archive: ArchiveView, style: PageStyle): Promise<string> {
  return `<!doctype html><title>${report.from}</title>${archive.sentence} ${style.locale}`;
}
