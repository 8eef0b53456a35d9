"use strict";

const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};

const table = (head, rows) => {
  const made = element("table");
  const headRow = made.appendChild(element("tr"));
  head.forEach(cell => headRow.appendChild(element("th", cell)));
  rows.forEach(cells => {
    const row = made.appendChild(element("tr"));
    cells.forEach(cell => row.appendChild(element("td", cell)));
  });
  return made;
};

let known = {};
const resolve = part => (part && part.$ref ? known[part.$ref.split("/").pop()] : part);

const typeOf = schema => (schema.enum ? schema.enum.join(" | ") : schema.format || [].concat(schema.type || "").join(" | "));

// A body to begin with: the required fields, with the first allowed value of each.
const example = schema => {
  const body = {};
  const required = new Set(schema.required || []);
  for (const [name, field] of Object.entries(schema.properties || {})) {
    if (!required.has(name)) continue;
    if (field.enum) body[name] = field.enum[0];
    else if (field.type === "array") body[name] = [resolve(field.items).properties ? example(resolve(field.items)) : ""];
    else if (field.type === "integer") body[name] = 1;
    else body[name] = "";
  }
  return body;
};

const send = async (method, path, inputs, bodyText, output) => {
  const query = [];
  let target = path;
  for (const [parameter, input] of inputs) {
    if (parameter.in === "path") target = target.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value) query.push(`${parameter.name}=${encodeURIComponent(input.value)}`);
  }
  if (query.length) target += "?" + query.join("&");
  const headers = {};
  const token = document.getElementById("token").value.trim();
  if (token) headers.Authorization = "Bearer " + token;
  if (bodyText !== null) headers["Content-Type"] = "application/json";
  output.textContent = `${method} ${target} …`;
  try {
    const response = await fetch(target, { method, headers, body: bodyText });
    const text = await response.text();
    let shown = text;
    try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it is */ }
    output.textContent = `${response.status} ${response.headers.get("X-Request-Id") || ""}\n${shown}`;
  } catch (fault) {
    output.textContent = String(fault);
  }
};

const fill = (box, method, path, operation) => {
  if (operation.description) box.appendChild(element("p", operation.description, "note"));
  const inputs = [];
  for (const parameter of operation.parameters || []) {
    const label = box.appendChild(element("p")).appendChild(element("label", parameter.name + " "));
    const input = label.appendChild(element("input"));
    label.appendChild(element("span", " " + (parameter.description || ""), "note"));
    inputs.push([parameter, input]);
  }
  let body = null;
  const content = operation.requestBody && operation.requestBody.content["application/json"];
  if (content) {
    const schema = resolve(content.schema);
    const required = new Set(schema.required || []);
    box.appendChild(table(["field", "type", "meaning"], Object.entries(schema.properties).map(
      ([name, field]) => [name + (required.has(name) ? " *" : ""), typeOf(field), field.description || ""])));
    body = box.appendChild(element("textarea"));
    body.spellcheck = false;
    body.value = JSON.stringify(example(schema), null, 2);
  }
  const button = box.appendChild(element("button", "Send"));
  const output = box.appendChild(element("pre"));
  button.addEventListener("click", () => send(method, path, inputs, body ? body.value : null, output));
  box.appendChild(table(["status", "meaning"], Object.entries(operation.responses).map(
    ([status, response]) => [status, resolve(response).description])));
};

const show = document_ => {
  known = { ...document_.components.schemas, ...document_.components.responses };
  document.getElementById("about").textContent = document_.info.description;
  const list = document.getElementById("operations");
  for (const [path, methods] of Object.entries(document_.paths)) {
    for (const [name, operation] of Object.entries(methods)) {
      const method = name.toUpperCase();
      const box = list.appendChild(element("details"));
      const head = box.appendChild(element("summary"));
      head.appendChild(element("span", method, "method"));
      head.appendChild(element("span", path, "path"));
      head.appendChild(element("span", " " + (operation.summary || ""), "note"));
      box.dataset.text = `${method} ${path} ${operation.summary}`.toLowerCase();
      box.addEventListener("toggle", () => fill(box, method, path, operation), { once: true });
    }
  }
  document.getElementById("find").addEventListener("input", event => {
    const wanted = event.target.value.toLowerCase();
    for (const box of list.children) box.hidden = !box.dataset.text.includes(wanted);
  });
};

fetch("/openapi/v1.json").then(response => response.json()).then(show);
