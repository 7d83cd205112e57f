import { runFolder } from './run-folder.ts';

/**
 * `npm run cases -- DIR`: analyses the files of a folder and compares each with its row in DIR/expected.csv; see test/cases/README.md. Exits with 1 if a
 * row is wrong.
 */
const [folder] = process.argv.slice(2);
if (!folder) throw new Error('npm run cases -- DIR');
const { rows, wrong } = await runFolder(folder, (line) => console.log(line));
console.log(`${rows - wrong} of ${rows} rows are right`);
if (wrong > 0) process.exitCode = 1;
