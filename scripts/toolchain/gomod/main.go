// Command pulumi-resource-openstack is the Pulumi provider for OpenStack: the Terraform provider, bridged, with the
// types of the PyPI package pulumi-openstack. See docs/adr/0003-toolchain-from-modules.md.
package main

import (
	"encoding/json"
	"log"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	sdk "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/terraform-provider-openstack/terraform-provider-openstack/v3/openstack"
)

// Set by the linker to the version of the PyPI package that this provider serves.
var version = "0.0.0"

const prefix = "openstack_"

func main() {
	info := provider()
	schema, err := json.Marshal(describe(info))
	if err != nil {
		log.Fatal(err)
	}
	tfbridge.Main("openstack", version, info, schema)
}

func provider() tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:           sdk.NewProvider(openstack.Provider()),
		Name:        "openstack",
		Version:     version,
		Resources:   map[string]*tfbridge.ResourceInfo{},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
	}
	for name, short := range resources {
		info.Resources[prefix+name] = &tfbridge.ResourceInfo{Tok: tokens.Type(token(short))}
	}
	for name, short := range legacyResources {
		clone(info.P.ResourcesMap(), prefix+name)
		info.Resources[prefix+name+"_legacy"] = &tfbridge.ResourceInfo{Tok: tokens.Type(token(short))}
	}
	for name, short := range functions {
		info.DataSources[prefix+name] = &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(token(short))}
	}
	for name, short := range legacyFunctions {
		clone(info.P.DataSourcesMap(), prefix+name)
		info.DataSources[prefix+name+"_legacy"] = &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(token(short))}
	}
	for name, fields := range renamed {
		info.Resources[prefix+name].Fields = fields
	}
	info.SetAutonaming(255, "-")
	return info
}

// Properties whose name in the PyPI package is not the one that the bridge would derive.
var renamed = map[string]map[string]*tfbridge.SchemaInfo{
	"networking_subnet_v2":   {"allocation_pool": {Name: "allocationPools"}},
	"orchestration_stack_v1": {"outputs": {Name: "StackOutputs"}},
}

// token turns `module/Name` into `openstack:module/name:Name`.
func token(short string) string {
	module, name, _ := strings.Cut(short, "/")
	return "openstack:" + module + "/" + strings.ToLower(name[:1]) + name[1:] + ":" + name
}

func clone(types shim.ResourceMap, name string) {
	if err := shim.CloneResource(types, name, name+"_legacy"); err != nil {
		log.Fatal(err)
	}
}
