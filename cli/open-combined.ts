import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { type Finding, findingSigns } from "../shared/core/finding.ts";
import { JobError } from "../shared/errors.ts";
import { printable } from "./shell.ts";

/** A file with every checked object and its sign. https://rclone.org/commands/rclone_checksum/ */
interface Combined {
  readonly add: (key: string, findings: readonly Finding[]) => void;
  readonly close: () => Promise<void>;
}

/** Opens the file. @throws REQUEST_INVALID when it cannot be written */
export async function openCombined(file: string): Promise<Combined> {
  const handle = await open(file, "w", 0o600).catch((cause: unknown) => {
    throw new JobError("REQUEST_INVALID", `--combined: ${file} cannot be written`, {
      cause,
      hint: "Name another file.",
    });
  });
  const stream = createWriteStream("", { fd: handle.fd, autoClose: false });
  return {
    add: (key, [first]) => void stream.write(`${first ? findingSigns[first.code] : "="} ${printable(key)}\n`),
    close: async () => {
      stream.end();
      await finished(stream);
      await handle.close();
    },
  };
}
