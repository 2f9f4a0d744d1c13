import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

/** The functions of a RingCentral client that an archiver needs. Both clients also accept absolute URLs. */
export interface Client {
  readonly list: (address: string) => Promise<Page>;
  readonly download: (address: string) => Promise<Uint8Array>;
}

/** The members of a call-log page that an archiver reads. */
export interface Page {
  readonly records: readonly CallRecord[];
  readonly navigation?: { readonly nextPage?: { readonly uri: string } };
}

interface CallRecord {
  readonly recording?: Recording;
  readonly legs?: readonly { readonly recording?: Recording }[];
}

interface Recording {
  readonly id: string;
  readonly contentUri: string;
}

/**
 * Lists a day and stores each recording once.
 * One request after another is the kindest order for both clients: no second one can fall into the penalty of the first.
 */
export async function archiveDay({ list, download }: Client): Promise<void> {
  const { BUCKET, DATE_FROM = "", DATE_TO = "" } = process.env;
  const s3 = new S3Client();
  const stored = new Set<string>();
  const query = new URLSearchParams({ view: "Detailed", perPage: "1000", dateFrom: DATE_FROM, dateTo: DATE_TO });
  let address: string | undefined = `/restapi/v1.0/account/~/call-log?${query}`;
  while (address) {
    const { records, navigation }: Page = await list(address);
    for (const { id, contentUri } of records.flatMap(recordingsOf)) {
      if (stored.has(id)) continue;
      const Body = await download(contentUri);
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `recordings/${id}.mp3`, Body }));
      stored.add(id);
    }
    address = navigation?.nextPage?.uri;
  }
}

function recordingsOf({ recording, legs = [] }: CallRecord): readonly Recording[] {
  return [recording, ...legs.map((leg) => leg.recording)].filter((each) => each !== undefined);
}
