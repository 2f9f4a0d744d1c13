import type { ArchiveView, PageStyle, ReportIndex } from "./report.ts";
export async function renderIndex(index: ReportIndex, archive: ArchiveView, style: PageStyle): Promise<string> {
  return `<!doctype html><title>${index.days.length}</title>${archive.sentence} ${style.locale}`;
}
