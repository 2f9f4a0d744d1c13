import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { temporaryFolder } from "../infra/temporary-folder.ts";
import { type ArchiveLab, archiveName } from "./archive-lab.ts";

/** Copies every object of the archive bucket into a folder, as `aws s3 sync` does. Returns the folder. */
export async function archiveFolder({ aws }: Pick<ArchiveLab, "aws">): Promise<string> {
  const folder = temporaryFolder("archive");
  for await (const { key } of aws.objects(archiveName)) {
    const file = join(folder, key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, await aws.read(archiveName, key));
  }
  return folder;
}
