// Accidents with the gateway's data: rows that are gone when it starts again.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { Gateway } from './gateway.ts';

export async function restartWithout(gateway: Gateway, table: string): Promise<void> {
  await gateway.stop();
  const database = new DatabaseSync(join(gateway.dataDirectory, 'gateway.db'));
  const gone = database.prepare(`DELETE FROM ${table}`).run().changes;
  database.close();
  if (gone === 0) throw new Error(`${table} was empty before`);
  await gateway.startAgain();
}
