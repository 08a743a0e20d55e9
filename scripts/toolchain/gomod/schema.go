package main

import (
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
)

// The part of a Pulumi package schema that says what this provider answers to: tokens, property names and shapes. The
// Python package was generated elsewhere; the tests hold the two against one another.
type packageSchema struct {
	Name      string              `json:"name"`
	Version   string              `json:"version"`
	Resources map[string]resource `json:"resources"`
	Functions map[string]function `json:"functions"`
}

type resource struct {
	Properties      map[string]property `json:"properties"`
	InputProperties map[string]property `json:"inputProperties"`
}

type function struct {
	Inputs  object `json:"inputs"`
	Outputs object `json:"outputs"`
}

type object struct {
	Properties map[string]property `json:"properties"`
}

type property struct {
	Type string `json:"type"`
}

func describe(info tfbridge.ProviderInfo) packageSchema {
	result := packageSchema{info.Name, info.Version, map[string]resource{}, map[string]function{}}
	for name, res := range info.Resources {
		schema := info.P.ResourcesMap().Get(name).Schema()
		result.Resources[string(res.Tok)] = resource{
			Properties:      properties(schema, res.Fields, func(shim.Schema) bool { return true }),
			InputProperties: properties(schema, res.Fields, isInput),
		}
	}
	for name, source := range info.DataSources {
		schema := info.P.DataSourcesMap().Get(name).Schema()
		result.Functions[string(source.Tok)] = function{
			Inputs:  object{properties(schema, source.Fields, isInput)},
			Outputs: object{properties(schema, source.Fields, func(shim.Schema) bool { return true })},
		}
	}
	return result
}

func isInput(schema shim.Schema) bool {
	return schema.Optional() || schema.Required()
}

func properties(
	schema shim.SchemaMap, fields map[string]*tfbridge.SchemaInfo, wanted func(shim.Schema) bool,
) map[string]property {
	result := map[string]property{}
	schema.Range(func(name string, field shim.Schema) bool {
		if wanted(field) {
			result[tfbridge.TerraformToPulumiNameV2(name, schema, fields)] = property{shape(field, fields[name])}
		}
		return true
	})
	return result
}

func shape(field shim.Schema, info *tfbridge.SchemaInfo) string {
	switch field.Type() {
	case shim.TypeBool:
		return "boolean"
	case shim.TypeInt:
		return "integer"
	case shim.TypeFloat:
		return "number"
	case shim.TypeString:
		return "string"
	case shim.TypeList, shim.TypeSet:
		if !tfbridge.IsMaxItemsOne(field, info) {
			return "array"
		}
		if element, ok := field.Elem().(shim.Schema); ok {
			return shape(element, nil)
		}
	}
	return "object"
}
