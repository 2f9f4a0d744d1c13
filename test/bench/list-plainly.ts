import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";

/** Lists the bucket with the plain SDK, the minimum of any verification. */
let objects = 0;
const pages = paginateListObjectsV2({ client: new S3Client({}) }, { Bucket: process.env.BUCKET });
for await (const { Contents = [] } of pages) objects += Contents.length;
process.stdout.write(`${objects}\n`);
