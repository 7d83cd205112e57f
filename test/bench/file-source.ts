import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The simplest server of a file: it answers every request with it. Prints its port. */

const file = process.argv[2] as string;
const { size } = await stat(file);
const server = createServer((_request, response) => {
	response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': size });
	createReadStream(file).pipe(response);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
