import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../function/config.ts';

/** The path of a message in a catalogue, such as `verdict.fakeFaceAt`. */
export type MessagePath = string;

/** The type of an argument of a message, as declared in English. */
export type Argument = 'text' | 'number' | 'flag' | 'texts';

const read = (language: string) => {
	const path = join(packageRoot(), `function/answer/messages/${language}.ts`);
	return ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true);
};

/** The arguments of each message that is a function. */
export function declaredArguments(): Map<MessagePath, readonly Argument[]> {
	const found = new Map<MessagePath, readonly Argument[]>();
	const visit = (node: ts.Node, path: readonly string[]): void => {
		const inner = ts.isPropertyAssignment(node)
			? [...path, (node.name as ts.Identifier | ts.StringLiteral).text]
			: path;
		if (ts.isArrowFunction(node) && path.length > 0)
			found.set(
				path.join('.'),
				node.parameters.map((parameter) => kindOf(parameter.type?.getText() ?? '')),
			);
		else ts.forEachChild(node, (child) => visit(child, inner));
	};
	ts.forEachChild(read('en'), function top(node) {
		if (ts.isVariableDeclaration(node) && node.name.getText() === 'en' && node.initializer) visit(node.initializer, []);
		else ts.forEachChild(node, top);
	});
	return found;
}

/** The plural categories for which each message of a catalogue has a form; messages that spread another form are left out. */
export function pluralForms(language: string): { readonly line: number; readonly categories: readonly string[] }[] {
	const file = read(language);
	const found: { line: number; categories: readonly string[] }[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isObjectLiteralExpression(node)) {
			const names = node.properties.map((property) => property.name?.getText() ?? '...');
			if (names.includes('other') && !names.includes('...') && names.every((name) => categoryNames.has(name)))
				found.push({ line: 1 + file.getLineAndCharacterOfPosition(node.pos).line, categories: names });
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found;
}

const categoryNames = new Set(['zero', 'one', 'two', 'few', 'many', 'other']);

function kindOf(type: string): Argument {
	if (/\[\]$/.test(type)) return 'texts';
	if (/^number\b/.test(type)) return 'number';
	return type === 'boolean' ? 'flag' : 'text';
}
