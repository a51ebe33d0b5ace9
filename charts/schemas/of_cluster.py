#!/usr/bin/env python3
"""Makes of a cluster's own OpenAPI document one strict JSON schema a kind: of_cluster.py OPENAPI_V2.json FOLDER."""
import json
import pathlib
import sys

SPECIAL = {
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": {"type": ["string", "integer"]},
    "io.k8s.apimachinery.pkg.api.resource.Quantity": {"type": ["string", "number"]},
}


def strict(tree):
    """A field that Kubernetes does not know is an error."""
    if isinstance(tree, list):
        return [strict(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    out = {key: strict(value) for key, value in tree.items() if not key.startswith("x-") and key != "format"}
    if isinstance(out.get("$ref"), str):
        return {"$ref": out["$ref"].replace("#/definitions/", "definitions.json#/definitions/")}
    if isinstance(tree.get("properties"), dict) and "additionalProperties" not in tree:
        out["additionalProperties"] = False
    return out


def main(source, folder):
    definitions = json.loads(pathlib.Path(source).read_text())["definitions"]
    target = pathlib.Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, definition in definitions.items():
        for kind in definition.get("x-kubernetes-group-version-kind", []):
            group = kind["group"].split(".")[0]
            suffix = f"-{group}-{kind['version']}" if group else f"-{kind['version']}"
            schema = {"$ref": f"definitions.json#/definitions/{name}"}
            (target / f"{kind['kind'].lower()}{suffix}.json").write_text(json.dumps(schema))
    # what it refers to is in the same file
    everything = {name: SPECIAL.get(name) or strict(one) for name, one in definitions.items()}
    text = json.dumps({"definitions": everything}).replace('"definitions.json#', '"#')
    (target / "definitions.json").write_text(text)


main(*sys.argv[1:])
