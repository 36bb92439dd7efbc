// Calls a running sidecar with the client that openapi-typescript makes of its description: node client.js BASE_URL TOKEN
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const [baseUrl, token] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
const text = "look 👀 http://bad.example/page";

const one = await client.POST("/v1/check", { body: { text, id: "7", offsets: "utf-16" } });
assert.ok(one.data && "matches" in one.data, JSON.stringify(one.error));
const verdict: components["schemas"]["Verdict"] = one.data;
const [match] = verdict.matches;
assert.ok(match && verdict.flagged && verdict.action === "block" && match.kind === "exact");
assert.ok(typeof match.start === "number" && typeof match.end === "number");
assert.equal(text.slice(match.start, match.end), "http://bad.example/page");

const batch = await client.POST("/v1/check", { body: { messages: [{ text, id: "a" }, { id: "b" }] } });
assert.ok(batch.data && "results" in batch.data, JSON.stringify(batch.error));
assert.deepEqual(batch.data.results.map((each) => [each.id, each.flagged]), [["a", true], ["b", false]]);

const lookup = await client.POST("/v1/lookup", { body: { url: "hxxp://www[.]bad[.]example/page", explain: true } });
assert.deepEqual(lookup.data?.matches[0]?.steps, ["www"]);
assert.equal(lookup.data?.steps?.at(-1)?.step, "www");

const why = await client.POST("/v1/why", { body: { asked: match.entry } });
assert.equal(why.data?.entries[0]?.list, "partner");
assert.equal(why.data?.entries[0]?.policy?.exact?.action, "block");

const lists = await client.GET("/v1/lists");
assert.deepEqual(lists.data?.lists.map((each) => each.name), ["partner"]);
assert.equal((await client.GET("/readyz")).data?.ok, true);

const stranger = createClient<paths>({ baseUrl });
const refused = await stranger.POST("/v1/check", { body: { text } });
assert.equal(refused.response.status, 401);
assert.ok(refused.error?.error);
console.log("the TypeScript client: checked, looked up, asked why");
