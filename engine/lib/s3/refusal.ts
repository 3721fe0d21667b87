import { WireFault } from '../wire/index.ts';

/** A refusal of S3; its members become elements beside `Code` and `Message`. */
export function refusal(status: number, code: string, message: string, members: Readonly<Record<string, unknown>> = {}): WireFault {
  return new WireFault({ status, code, message, members });
}

/** The refusal of a bucket that is not there. */
export function noBucket(name: string): WireFault {
  return refusal(404, 'NoSuchBucket', 'The specified bucket does not exist', { BucketName: name });
}

/** The refusal of a key that is not there. */
export function noKey(key: string): WireFault {
  return refusal(404, 'NoSuchKey', 'The specified key does not exist.', { Key: key });
}

/** The refusal of an upload that is not there any more. */
export function noUpload(id: string): WireFault {
  return refusal(404, 'NoSuchUpload', 'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.', { UploadId: id });
}

/** The refusal of a condition that does not hold. */
export function unmet(condition: string): WireFault {
  return refusal(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition: condition });
}

/** The 501 for something AWS has and the engine has not. */
export function unbuilt(what: string): WireFault {
  return refusal(501, 'NotImplemented', `sluice-engine does not implement ${what} of S3; see engine/operations.md`);
}
