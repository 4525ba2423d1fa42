/**
 * What everybody who is logged in may do for themselves, as installers of 3.x write it for the servers that run policies. Byte for byte: objects of an
 * existing platform are recognised by it.
 */
export const selfServicePolicy = `package authz
default allow = false
allow = true {
  input.Resource == "users"
  input.User.Name == input.Name
}
allow = true {
  allowedResources := ["clustermembers","workspacemembers","members"]
  allowedResources[_] == input.Resource
  input.User.Name == input.Name
  allowedVerbs := ["get","list","watch"]
  allowedVerbs[_] == input.Verb
}
allow = true {
  allowedNoneResources := ["/api","/api/v1"]
  allowedNoneResources[_] == input.Path
  input.Verb == "GET"
}
allow = true {
  input.APIGroup == "tenant.kubesphere.io"
  input.KubernetesRequest == false
  allowedVerbs := ["get","list","watch"]
  allowedVerbs[_] == input.Verb
}`
