// Records in handlebars.json what Handlebars writes for its templates:
//   npm install handlebars@4 && node record.js
const fs = require("fs");
const Handlebars = require("handlebars");
const path = __dirname + "/handlebars.json";
const cases = JSON.parse(fs.readFileSync(path));
for (const [name, text] of Object.entries(cases.partials)) Handlebars.registerPartial(name, text);
for (const row of cases.rows) row.text = Handlebars.compile(row.template)(cases.input);
const rows = cases.rows.map((row) => "    " + JSON.stringify(row));
fs.writeFileSync(path, `{
  "input": ${JSON.stringify(cases.input)},
  "partials": ${JSON.stringify(cases.partials)},
  "rows": [
${rows.join(",\n")}
  ]
}
`);
