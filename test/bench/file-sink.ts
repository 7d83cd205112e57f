import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The simplest server that accepts an upload: it pipes every body to one file. Prints its port. */

const target = process.argv[2] as string;
const server = createServer((request, response) => {
	request.pipe(createWriteStream(target)).on('close', () => response.writeHead(201).end());
});
server.listen(0, 'localhost', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
