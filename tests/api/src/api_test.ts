import { isHttpError } from '@immich/sdk';
import { beforeAll, type TestContext, test } from 'vitest';
import { NotImplementedYet } from './http_client.ts';

type Body = (context: TestContext) => Promise<void> | void;

/** The route whose 501 stopped a `prepare` of this file. */
let missingInPreparation: string | undefined;

/** The name of the missing route when an error means that the server answers 501 to it. */
function missingRoute(error: unknown): string | undefined {
  if (error instanceof NotImplementedYet) {
    return error.message;
  }
  return isHttpError(error) && error.status === 501 ? String(error.data?.message ?? 'a route answers 501') : undefined;
}

/** Runs `body`; a 501 on the way means that a route of the contract is still missing and skips the test with its name. */
async function skipOn501(context: TestContext, body: Body): Promise<void> {
  if (missingInPreparation) {
    context.skip(missingInPreparation);
  }
  try {
    await body(context);
  } catch (error) {
    const missing = missingRoute(error);
    if (missing) {
      context.skip(missing);
    }
    throw error;
  }
}

function wrap(
  runner: (name: string, options: { timeout?: number }, body: (context: TestContext) => Promise<void>) => void,
) {
  return (name: string, body: Body, timeout?: number): void =>
    runner(name, timeout === undefined ? {} : { timeout }, (context) => skipOn501(context, body));
}

/** `it` of vitest that skips, with the route's name, what the server answers 501 to. */
export const it = Object.assign(wrap(test), {
  skipIf: (condition: boolean) => wrap(test.skipIf(condition)),
  only: wrap(test.only),
});

/** `beforeAll` of vitest; when it meets a 501, the tests of the file are skipped with the name of that route. */
export function prepare(body: () => Promise<void> | void, timeout?: number): void {
  beforeAll(async () => {
    try {
      await body();
    } catch (error) {
      missingInPreparation = missingRoute(error);
      if (!missingInPreparation) {
        throw error;
      }
    }
  }, timeout);
}
