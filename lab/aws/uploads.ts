import type { ChecksumAlgorithm, Checksums } from "./checksums.ts";
import type { JsonFolder } from "./json-folder.ts";
import { createLocks } from "./locks.ts";
import type { ChecksumType, ObjectDescription } from "./object-version.ts";

export interface UploadedPart {
  readonly number: number;
  readonly file: string;
  readonly size: number;
  readonly etag: string;
  readonly checksums: Checksums;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly uploadId: string;
  readonly key: string;
  readonly description: ObjectDescription;
  /** As announced when it was created; undefined if nothing was. */
  readonly algorithm?: ChecksumAlgorithm;
  readonly checksumType: ChecksumType;
  readonly parts: readonly UploadedPart[];
}

export interface Uploads {
  all(): readonly Upload[];
  get(uploadId: string): Upload | undefined;
  create(upload: Upload): Promise<void>;
  /** Stores the upload that `edit` returns for the current one; `undefined` ends it. */
  change<Result>(uploadId: string, edit: UploadEdit<Result>): Promise<Result>;
}

export type UploadEdit<Result> = (upload: Upload | undefined) => Promise<{ upload?: Upload; result: Result }>;

export async function openUploads(documents: JsonFolder<Upload>): Promise<Uploads> {
  const uploads = new Map((await documents.loadAll()).map((upload) => [upload.uploadId, upload]));
  const locks = createLocks();
  const keep = async (upload: Upload): Promise<void> => {
    await documents.save(upload.uploadId, upload);
    uploads.set(upload.uploadId, upload);
  };
  return {
    all: () => [...uploads.values()],
    get: (uploadId) => uploads.get(uploadId),
    create: keep,
    change: (uploadId, edit) =>
      locks(uploadId, async () => {
        const { upload, result } = await edit(uploads.get(uploadId));
        if (upload) {
          await keep(upload);
        } else {
          await documents.remove(uploadId);
          uploads.delete(uploadId);
        }
        return result;
      }),
  };
}
