package dev.tranche.console;

import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.HEAD;
import static org.springframework.http.HttpMethod.POST;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Who may do what. What is not named here is for admins only. */
final class SecurityRules {

  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
          + " object-src 'none'";

  private static final RequestMatcher MACHINES =
      new OrRequestMatcher(path("/api/**"), path("/actuator/**"));

  private SecurityRules() {}

  private static RequestMatcher path(String pattern) {
    return PathPatternRequestMatcher.withDefaults().matcher(pattern);
  }

  static RoleHierarchy hierarchy() {
    return RoleHierarchyImpl.withDefaultRolePrefix()
        .role(Role.ADMIN.name())
        .implies(Role.OPERATOR.name())
        .role(Role.OPERATOR.name())
        .implies(Role.VIEWER.name())
        .build();
  }

  static SecurityFilterChain chain(
      HttpSecurity http, AuthenticationManager logIn, SecurityAnswers answers) {
    HttpSessionRequestCache pages = new HttpSessionRequestCache();
    pages.setRequestMatcher(new NegatedRequestMatcher(MACHINES));
    return http.authenticationManager(logIn)
        .authorizeHttpRequests(SecurityRules::authorize)
        .requestCache(cache -> cache.requestCache(pages))
        .exceptionHandling(
            handling ->
                handling
                    .defaultAuthenticationEntryPointFor(answers, MACHINES)
                    .accessDeniedHandler(answers))
        .httpBasic(basic -> basic.authenticationEntryPoint(answers))
        .formLogin(form -> form.defaultSuccessUrl(Api.ROOT + "/jobs").failureHandler(answers::formRefused))
        .logout(logout -> {})
        .csrf(csrf -> csrf.ignoringRequestMatchers(SecurityRules::isNoForm))
        .headers(SecurityRules::headers)
        .build();
  }

  private static void authorize(
      org.springframework.security.config.annotation.web.configurers
                  .AuthorizeHttpRequestsConfigurer<HttpSecurity>
              .AuthorizationManagerRequestMatcherRegistry
          rules) {
    rules
        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
        .permitAll()
        .requestMatchers(GET, "/actuator/health/liveness", "/actuator/health/readiness")
        .permitAll()
        .requestMatchers(Api.ROOT + "/audit/**", Api.EXECUTIONS + "/*/abandon", Api.ROOT + "/purge")
        .hasRole(Role.ADMIN.name())
        .requestMatchers(GET, "/**")
        .hasRole(Role.VIEWER.name())
        .requestMatchers(HEAD, "/**")
        .hasRole(Role.VIEWER.name())
        .requestMatchers(POST, Api.ROOT + "/**")
        .hasRole(Role.OPERATOR.name())
        .anyRequest()
        .hasRole(Role.ADMIN.name());
  }

  /**
   * No form of another site can send this: it would have to ask first (CORS), and is not answered. A
   * browser that remembers a password for HTTP Basic is no way in, then.
   */
  private static boolean isNoForm(HttpServletRequest request) {
    String type = request.getContentType();
    return request.getHeader(HttpHeaders.AUTHORIZATION) != null
        && type != null
        && type.startsWith(MediaType.APPLICATION_JSON_VALUE);
  }

  private static void headers(HeadersConfigurer<HttpSecurity> headers) {
    headers
        .contentSecurityPolicy(policy -> policy.policyDirectives(POLICY))
        .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
        .permissionsPolicyHeader(
            policy -> policy.policy("camera=(), geolocation=(), microphone=(), payment=()"))
        .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
        .crossOriginResourcePolicy(policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN));
  }
}
